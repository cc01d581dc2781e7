/**
 * Passwords are hashed so that guessing them is slow; a test that signs in twenty people is no guesser. In the processes of tests alone the same
 * function does a five-hundredth of the work; the processes that `test/processes.ts` starts do all of it.
 */
import crypto, { type BinaryLike, type ScryptOptions } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

const { scrypt } = crypto;
type Done = (error: Error | null, key: Buffer) => void;

Object.defineProperty(crypto, "scrypt", {
  value: (password: BinaryLike, salt: BinaryLike, length: number, options: ScryptOptions, done: Done) =>
    scrypt(password, salt, length, { ...options, N: 32 }, done),
});
syncBuiltinESMExports();
