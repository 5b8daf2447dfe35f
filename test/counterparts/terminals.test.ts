/** Terminal programs, used as people use them. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Desk } from './desk.ts';

/** minicom's own init string, which Debian leaves out; and the escape sequence to hang up: its other way, dropping DTR, needs TIOCMBIC, which no PTY has. */
const MINIRC = `pu minit            ~^M~AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0^M
pu mdropdtr         No
`;

describe('our modem in the box, used with', () => {
  let desk: Desk;
  beforeEach(async () => {
    desk = await Desk.open();
  });
  afterEach(() => desk.close());

  it('minicom: AT, a call, its own hang-up', async () => {
    writeFileSync(join(desk.lab.folder, '.minirc.dfl'), MINIRC);
    // As the README has it.
    const terminal = await desk.sitDownAt('sh', '-c', 'exec minicom -D "$(modemctl tty usr5637)"');
    await terminal.shows(/Welcome to minicom/);
    await terminal.shows(/AT S7=45 S0=0 L1 V1 X4 &c1 E1 Q0\s+OK/);
    // By hand, because the dialling directory of minicom 2.8 takes no notice of any CONNECT (Distrotech/minicom issue 6).
    await desk.dialAndTalk(terminal);
    await desk.proveHeldBy('minicom');
    await terminal.press('C-a', 'h');
    await terminal.shows(/Hang-up line\?/);
    await terminal.press('Enter');
    await desk.proveOnHook();
    await terminal.shows(/NO CARRIER|OK\s+$/);
    await terminal.press('C-a', 'x');
    await terminal.shows(/Leave Minicom\?/i);
    await terminal.press('Enter');
    expect(await terminal.ended()).toBe(0);
    await desk.proveFree();
  });

  it('picocom: AT, a call, and leaving it hangs up', async () => {
    const terminal = await desk.sitDownAt('picocom', '-b', '115200', desk.tty);
    // What is typed before it has the terminal is thrown away.
    await terminal.shows(/Terminal ready/);
    await desk.dialAndTalk(terminal);
    await desk.proveHeldBy('picocom');
    await terminal.press('C-a', 'C-x');
    expect(await terminal.ended()).toBe(0);
    await desk.proveFree();
  });

  it("PuTTY's serial line (plink): AT, a call, the escape sequence and ATH", async () => {
    // At a terminal plink would edit lines itself, and end them with a line feed; PuTTY's window sends each key.
    const line = `plink -serial ${desk.tty} -sercfg 115200,8,n,1,N`;
    const terminal = await desk.sitDownAt('sh', '-c', `stty raw -echo; printf 'keys go through'; cat | ${line}`);
    await terminal.shows(/keys go through/);
    await desk.dialAndTalk(terminal);
    await desk.proveHeldBy('plink');
    await desk.keepSilent();
    await terminal.type('+++\\c');
    await terminal.shows(/and back\+\+\+\s+OK/);
    await terminal.type('ATH');
    await terminal.shows(/ATH\s+OK/);
    await desk.proveOnHook();
  });

  it('cu: AT, a call, the escape sequence and ATH', async () => {
    // Started by root it becomes the user uucp, who on a real tty has the rights of the group dialout.
    chmodSync(desk.tty, 0o666);
    const terminal = await desk.sitDownAt('cu', '-l', desk.tty, '-s', '115200');
    await terminal.shows(/Connected\./);
    await desk.dialAndTalk(terminal);
    await desk.proveHeldBy('cu');
    await desk.keepSilent();
    await terminal.type('+++\\c');
    await terminal.shows(/and back\+\+\+\s+OK/);
    expect((await desk.state()).offHook).toBe(true);
    await terminal.type('ATH');
    await terminal.shows(/ATH\s+OK/);
    await desk.proveOnHook();
    await terminal.type('');
    await terminal.type('~.\\c');
    await terminal.shows(/Disconnected\./);
    expect(await terminal.ended()).toBe(0);
    await desk.proveFree();
  });
});
