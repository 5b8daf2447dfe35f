import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readChatFile } from '../../src/cli/chat-file.ts';
import { systemClock } from '../../src/core/clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'mctl-chat-'));
afterAll(() => rmSync(folder, { recursive: true }));
const never = new AbortController().signal;
const read = (path: string, signal = never) => readChatFile(path, systemClock, signal);
const pipe = (name: string) => {
  spawnSync('mkfifo', [join(folder, name)]);
  return join(folder, name);
};

describe('the file of a chat script', () => {
  it('is read byte by byte', async () => {
    writeFileSync(join(folder, 'script'), Buffer.from([0x27, 0xff, 0x0a]));
    expect(await read(join(folder, 'script'))).toBe("'\xff\n");
  });

  it('may be a pipe whose writer takes its time', async () => {
    const path = pipe('slow');
    const writer = spawn('sh', ['-c', `exec 3<>${path}; echo open; printf "ogin: "; read -r _; printf pi >&3`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(writer.stdout, 'data');
    const text = read(path);
    writer.stdin.end('\n');
    expect(await text).toBe('pi');
  });

  it('holds nobody up: not without a writer, nor after Ctrl-C', async () => {
    const path = pipe('still');
    expect(await read(path)).toBe('');
    const writer = spawn('sh', ['-c', `exec 3<>${path}; echo open; read -r _`], { stdio: ['pipe', 'pipe', 'ignore'] });
    await once(writer.stdout, 'data');
    const controller = new AbortController();
    const text = read(path, controller.signal);
    controller.abort(new Error('Ctrl-C'));
    await expect(text).rejects.toThrow('Ctrl-C');
    writer.stdin.end();
    await once(writer, 'exit');
  });

  it.each([
    ['/dev/zero', /larger than 256 KiB/],
    [folder, /cannot be read: EISDIR/],
    [join(folder, 'nothing'), /cannot be read: ENOENT/],
  ])('%s is none', async (path, message) => {
    await expect(read(path)).rejects.toMatchObject({ code: 'USAGE', message: expect.stringMatching(message) });
  });
});
