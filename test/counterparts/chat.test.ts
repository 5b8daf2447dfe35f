/** chat(8), the dialler of pppd and wvdial's forebear, on our modem in the box: from a shell that holds the tty open, as pppd does. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Desk } from './desk.ts';

/** `TIMEOUT` is chat's own limit for each wait. */
const CHAT = "chat -s -S TIMEOUT 30 ABORT BUSY ABORT 'NO CARRIER' ABORT 'NO DIALTONE'";

describe('our modem in the box, used with chat:', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open();
  });
  afterAll(() => desk.close());

  /** Runs chats one after another on the tty; each has to succeed before the next begins. */
  const chats = (...scripts: readonly string[]) =>
    desk.lab.paste(`exec 3<>'${desk.tty}'; ${scripts.map((script) => `${CHAT} ${script} <&3 >&3`).join(' && ')}`);

  it('dials, exchanges data, escapes, hangs up', async () => {
    const ended = await chats(
      "REPORT CONNECT '' ATZ OK ATDT5550100 CONNECT '\\c'",
      "'' 'who goes there\\c' 'who goes there' '\\d\\d+++\\c' OK 'AT' OK 'ATH' OK '\\c'",
    );
    expect(ended.stderr).toMatch(/CONNECT 33600\/ARQ/);
    expect(ended.code).toBe(0);
    await desk.proveFree();
  });

  it('sees BUSY: exit 4, its first ABORT', async () => {
    expect((await chats("'' ATZ OK ATDT5550195 CONNECT '\\c'")).code).toBe(4);
    await desk.proveFree();
  });

  it('sees NO CARRIER of a person who picks up: exit 5, its second ABORT', async () => {
    expect((await chats("'' 'ATZ' OK 'ATS7=5DT5550197' CONNECT '\\c'")).code).toBe(5);
    await desk.proveFree();
  });

  it('gives up by itself (exit 3); when it lets the tty go the call is over', async () => {
    expect((await chats("TIMEOUT 4 '' ATZ OK ATDT5550196 CONNECT '\\c'")).code).toBe(3);
    await desk.proveFree();
  });
});
