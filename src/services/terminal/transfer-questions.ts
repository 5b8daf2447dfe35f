/** What has to be known before files are transferred: by what, and which. */
import { type Direction, FileTransfer, PROTOCOLS, protocolNamed } from './file-transfer.ts';
import type { Questioner } from './questioner.ts';

/** @returns null: the user thought better of it */
export async function askForTransfer(
  direction: Direction,
  questioner: Questioner,
  tell: (text: string) => void,
): Promise<FileTransfer | null> {
  const answer = await questioner.ask(`${direction} by ${PROTOCOLS.map(({ name }) => name).join(', ')} [z]:`);
  if (answer === null) return null;
  const protocol = protocolNamed(answer);
  if (!protocol) {
    tell(`no such protocol: ${answer}`);
    return null;
  }
  if (direction === 'get' && protocol.tellsNames) return new FileTransfer(direction, protocol, '');
  const path = await questioner.ask(direction === 'send' ? 'file to send:' : 'save as:');
  return path ? new FileTransfer(direction, protocol, path) : null;
}
