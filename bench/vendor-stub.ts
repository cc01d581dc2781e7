/** A vendor in a process of its own that takes everything at once. Prints its port; ends when its parent does. */
import { createServer } from "node:http";
import { portOf } from "#providers/test-stub.ts";

let taken = 0;
const server = createServer((request, response) => {
  request.resume();
  request.on("end", () => {
    taken += 1;
    response.writeHead(201, { "content-type": "application/json" });
    response.end(`{"sid":"SM${taken}","status":"queued","price":null}`);
  });
});
server.listen(0, "127.0.0.1", () => process.stdout.write(`${portOf(server)}\n`));
process.once("disconnect", () => process.exit());
