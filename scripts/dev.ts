/** `npm run dev`: the server, started again at each change, and Vite's server for the pages, which hands API calls on to it. */
import { spawn } from "node:child_process";
import { ROOT, bin, say } from "./steps.ts";

const children = [
  spawn(process.execPath, ["--watch", "--watch-preserve-output", "server/main.ts"], { cwd: ROOT, stdio: "inherit" }),
  spawn(bin("vite"), [], { cwd: ROOT, stdio: "inherit" }),
];
let stopping = false;

function stop(): void {
  if (stopping) return;
  stopping = true;
  for (const child of children) child.kill("SIGTERM");
}

say("The pages are at http://localhost:5173, the API at http://localhost:3000.");
for (const child of children) child.once("exit", stop);
process.on("SIGINT", stop);
process.on("SIGTERM", stop);
