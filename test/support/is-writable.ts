import { accessSync, constants } from 'node:fs';

/** Whether we may write there: some folders are root's. */
export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
