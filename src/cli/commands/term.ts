import { ModemctlError } from '../../core/errors.ts';
import { endCall } from '../../modem/end-call.ts';
import { PROOF_LIMIT_MS } from '../../modem/proof.ts';
import type { Session } from '../../modem/session.ts';
import { ModemHost } from '../../services/terminal/modem-host.ts';
import { ModemLink, type ModemNews } from '../../services/terminal/modem-link.ts';
import { attemptError } from '../attempt-error.ts';
import { tellLine } from '../call-end.ts';
import type { CommandSpec, Invocation } from '../command.ts';
import type { Context } from '../context.ts';
import { HeldCall } from '../held-call.ts';
import { needsOf, openForCommand, RECOVER_OPTION } from '../recovering.ts';
import { stepLine } from '../step-line.ts';
import { isOnTerminal, prefixName, runTerminal, TERMINAL_OPTIONS } from '../terminal.ts';
import { withSession } from '../with-session.ts';

export const term: CommandSpec = {
  name: 'term',
  group: 'Talk',
  summary: 'a terminal on the modem: type AT commands, talk in calls',
  settings: { sections: [] },
  selectorArgument: true,
  stdoutIsTheirs: () => true,
  options: [
    ...TERMINAL_OPTIONS,
    { flags: '--keep', describe: 'on quitting, leave a call that is up (modemctl hangup ends it)' },
    RECOVER_OPTION,
    { flags: '-f, --force', describe: 'even if another program has the modem' },
  ],
  examples: [
    ['modemctl term', 'the only modem; Ctrl-T ? for help, Ctrl-T q to quit'],
    ['modemctl term --charset cp437 --log bbs.txt --timestamps usr', 'for a bulletin board, all of it in a log'],
    ['modemctl term --prefix-key ctrl-a', 'where Ctrl-T is needed for something else'],
  ],
  notes: [
    'Everything typed goes to the modem as it is, Ctrl-C too; the prefix key is for the terminal: help, dial, hang up, reset, break, details, log, local echo, character set, files by ZMODEM, YMODEM and XMODEM (package lrzsz), quit. A modem that is unplugged is waited for, and known by its USB port.',
    'On quitting a call is hung up, unless --keep. The terminal is left as it was, however modemctl ends.',
  ],
  run: runTerm,
};

async function runTerm(context: Context, { options }: Invocation): Promise<void> {
  if (!isOnTerminal(context)) {
    throw new ModemctlError('USAGE', '"term" needs a terminal on stdin and stdout', {
      hint: 'In a script: modemctl at (AT commands), modemctl dial (a call by stdin and stdout), modemctl exec (another program).',
    });
  }
  await withSession(context, needsOf(options), async (session) => {
    context.report({ modem: session.id, endedBy: null, kept: false, onHook: null, tty: session.tty });
    await openForCommand(context, session, options);
    const held = await HeldCall.open(context, session, true);
    const link = new ModemLink(session, (news) => context.say(newsLine(session, news, prefixName(options))));
    const host = new ModemHost(session, link, {
      say: (line) => context.say(line),
      progress: (what, limitMs) => (what === null ? context.progress.stop() : context.progress.start(what, limitMs)),
      whyNot: (number, attempt) => attemptError(session, number, attempt),
      step: (report) => context.say(stepLine(context.colourOfTalk, report)),
    });
    const greeting = `${session.name}. ${prefixName(options)} ? for help, ${prefixName(options)} q to quit`;
    try {
      const endedBy = await runTerminal(context, options, greeting, link, host, held.signal);
      context.report({ endedBy, bytesReceived: link.received, bytesSent: link.sent });
    } finally {
      if (options.keep === true && !context.hangUpAsked.aborted) await keepLine(context, session, link);
      else await leaveLine(context, session, link);
      await held.close(context.reported.onHook === true ? null : 'the modem did not show that it is free');
    }
  });
}

function newsLine(session: Session, news: ModemNews, prefix: string): string {
  switch (news.kind) {
    case 'carrier':
      return news.on ? 'carrier: a call is up' : 'carrier lost: the call is over';
    case 'gone':
      return `${session.name} went away; waiting for it (${prefix} q quits)`;
    case 'back':
      return `${session.name} is back`;
    case 'inUse':
      return `it is back, but ${news.message}; waiting`;
  }
}

async function keepLine(context: Context, session: Session, link: ModemLink): Promise<void> {
  if (!session.isOpen) return tellAway(context, session);
  const isUp = link.call.isUp || (await session.hasCarrier()) === true;
  const kept = await session.port.keepLine(true);
  context.report({ kept });
  if (!kept) context.say('note: the line of this port cannot be kept; closing it hangs up');
  else if (isUp)
    context.say(
      `the call goes on; back to it: modemctl term -d ${session.id}; end it: modemctl hangup -d ${session.id}`,
    );
  else context.say('the line is as it was; no call that we know of');
}

async function leaveLine(context: Context, session: Session, link: ModemLink): Promise<void> {
  if (!session.isOpen) return tellAway(context, session);
  const isUp = link.call.isUp || session.state === 'inCall' || (await session.hasCarrier()) === true;
  // What is no modem of ours was named by the user, and is not spoken to behind his back.
  if (!isUp && !session.info) {
    context.say(`${session.name} is closed`);
    return;
  }
  context.progress.start('hanging up');
  if (isUp) tellLine(context, session, await endCall(session));
  else await tellIdle(context, session);
  context.progress.stop();
}

/** No call was up, as far as is known. */
async function tellIdle(context: Context, session: Session): Promise<void> {
  const ready = await isReady(session);
  context.progress.stop();
  context.report({ onHook: ready });
  if (ready) context.say('line is on-hook, the modem is ready');
  else context.say(`note: ${session.name} does not answer; bring it back: modemctl reset -d ${session.id}`);
}

async function isReady(session: Session): Promise<boolean> {
  try {
    if (!(await session.answers(PROOF_LIMIT_MS))) return false;
    return (await session.conversation.ask('ATH', { limitMs: PROOF_LIMIT_MS })).result?.kind === 'ok';
  } catch {
    return false;
  }
}

function tellAway(context: Context, session: Session): void {
  context.report({ onHook: true });
  context.say(`${session.name} is away, and no line is held`);
}
