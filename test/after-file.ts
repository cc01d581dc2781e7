/** Runs for each test file: files share their modules, so that what a module says at its top is said once for many. */
import { afterAll } from "vitest";
import "./cheap-passwords.ts";
import { closeFile } from "./world.ts";

afterAll(closeFile);
