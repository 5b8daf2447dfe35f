/** What other programs rely on by name, documents, events and environment: what the code tells is what the documentation lists. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { ToldAnsweringEvent } from '../../src/cli/answering-talk.ts';
import { MODEM_FIELDS } from '../../src/cli/documents.ts';
import type { EVENTS, EventName } from '../../src/cli/events.ts';
import { GIVEN_ENVIRONMENT, READ_ENVIRONMENT } from '../../src/core/environment.ts';
import type { WatchingEvent } from '../../src/services/watching/watching-event.ts';
import type { ModemEvent } from '../../src/usb/roster.ts';
import { documentOf, hasVirtualModems, Lab } from '../support/cli.ts';
import { expectAsListed } from '../support/documents.ts';
import { readSources } from '../support/source-files.ts';
import { startVirtual } from '../support/virtual-process.ts';

type ToldBy<Command extends string> = {
  [Name in EventName]: Command extends (typeof EVENTS)[Name]['toldBy'][number] ? Name : never;
}[EventName];

// The compiler judges this one.
it('every event of a command is listed with it, and no other', () => {
  expectTypeOf<ToldBy<'detect'>>().toEqualTypeOf<ModemEvent['kind']>();
  expectTypeOf<ToldBy<'watch'>>().toEqualTypeOf<WatchingEvent['kind']>();
  expectTypeOf<ToldBy<'answer'>>().toEqualTypeOf<ToldAnsweringEvent['kind']>();
});

it('every MODEMCTL_ variable in the code is listed, and none in vain', () => {
  const listed = [...Object.keys(GIVEN_ENVIRONMENT), ...Object.keys(READ_ENVIRONMENT)].filter((name) =>
    name.startsWith('MODEMCTL_'),
  );
  const sources = readSources().filter(({ path }) => path !== 'src/core/environment.ts');
  const used = sources.flatMap(({ text }) => text.match(/\bMODEMCTL_[A-Z_]*[A-Z]\b/g) ?? []);
  expect([...new Set(used)].sort()).toEqual(listed.sort());
});

describe.skipIf(!hasVirtualModems)('a document has the fields that are listed, and no others', () => {
  const lab = new Lab();
  afterAll(() => lab.close());

  it.each([
    ['detect', ['detect']],
    ['tty', ['tty']],
    ['info', ['info']],
    ['health', ['health']],
    ['doctor', ['doctor']],
    ['models', ['models']],
    ['at', ['at', 'ATI3']],
    ['init', ['init']],
    ['hangup', ['hangup']],
    ['reset', ['reset']],
    ['setup', ['setup', '--dry-run']],
    ['config check', ['config', 'check']],
    ['config show', ['config', 'show']],
    ['dial', ['dial', '--check', 'nothing', '--idle', '1s', '5550199']],
  ])('%s', async (name, args) => {
    const modem = name.replace(' ', '-');
    await lab.plugIn({ names: [modem] });
    const document = documentOf(await lab.run(['--json', '-d', modem, ...args]));
    expectAsListed(name, document);
    if (name === 'detect') expect(Object.keys(document.modems[0])).toEqual(Object.keys(MODEM_FIELDS));
  });

  // That of term, which needs a terminal, is looked at in term.test.ts.
  it('exec, whose document goes to a file', async () => {
    const modem = await lab.plugInOne();
    const file = join(lab.folder, 'report.json');
    await lab.run(['-d', modem.name, 'exec', '--report', file, '--', 'true']);
    expectAsListed('exec', JSON.parse(readFileSync(file, 'utf8')));
  });

  it('answer --once', async () => {
    await lab.plugIn({ models: ['usr5637', 'usr5637'], names: ['callee', 'caller'] });
    const answering = lab.start(['answer', '-d', 'callee', '--once', '--json', '--exec', 'echo hello']);
    await answering.says('Waiting.', 20_000);
    await lab.run(['dial', '-d', 'caller', lab.modem('callee').number!, '--exec', 'cat']);
    expectAsListed('answer --once', documentOf(await lab.end(answering)));
  });

  it.each(['answer', 'watch'])('setup %s', async (service) => {
    const words = ['setup', service, '--dry-run', '--json', '-d', '1-1.2', '--exec', '/bin/true'];
    const ran = await lab.run(words, { env: { SUDO_USER: 'daemon' } });
    expectAsListed(`setup ${service}`, documentOf(ran));
  });

  it('virtual', async () => {
    const { running } = await startVirtual(lab);
    running.kill('SIGTERM');
    expectAsListed('virtual', JSON.parse((await lab.end(running)).stdout));
  });
});
