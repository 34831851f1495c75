// What `cargo xtask browser` tells by the environment.
import { env } from "node:process";

/** The value of a variable that must be there. */
export function told(name) {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set; run \`cargo xtask browser\``);
  return value;
}
