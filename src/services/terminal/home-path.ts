/** A path as people type it where no shell reads it. */
import { homedir } from 'node:os';

/** `~/file` is in the user's home. */
export function homePath(path: string): string {
  return path.replace(/^~(?=\/)/, homedir());
}
