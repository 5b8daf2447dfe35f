import { expect, it } from 'vitest';
import { ServiceRecord } from '../../../src/services/control/service-record.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const HOUR_MS = 3_600_000;

function setUp() {
  const clock = new FakeClock();
  const session = { clock, answeredAt: null as number | null };
  return { clock, session, record: new ServiceRecord(session) };
}

const rings = (record: ServiceRecord, count: number) => {
  for (let ring = 1; ring <= count; ring++) record.take({ kind: 'ring', count: ring });
};

it('knows nothing at first', () => {
  const { record } = setUp();
  expect(record.facts()).toEqual({
    lastAnswerAt: null,
    lastCallAt: null,
    ringsWithoutCallerId: 0,
    recoveries24h: 0,
  });
});

it('tells times as dates, however long ago they were', async () => {
  const { clock, session, record } = setUp();
  session.answeredAt = clock.now();
  await clock.advance(2 * HOUR_MS);
  record.take({ kind: 'connect' });
  await clock.advance(HOUR_MS);
  const { lastAnswerAt, lastCallAt } = record.facts();
  const ago = (time: string | null) => Math.round((Date.now() - Date.parse(time ?? '')) / HOUR_MS);
  expect([ago(lastAnswerAt), ago(lastCallAt)]).toEqual([3, 1]);
});

it('counts the rings of calls without caller ID, until one has it', () => {
  const { record } = setUp();
  const counted = () => record.facts().ringsWithoutCallerId;
  rings(record, 3);
  record.take({ kind: 'missed' });
  expect(counted()).toBe(3);
  rings(record, 2);
  expect(counted()).toBe(5);
  // Between the first ring and the second, as on most telephone lines.
  record.take({ kind: 'ring', count: 1 });
  record.take({ kind: 'callerId' });
  record.take({ kind: 'ring', count: 2 });
  record.take({ kind: 'ring', count: 3 });
  expect(counted()).toBe(0);
  rings(record, 1);
  expect(counted(), 'the next call counts for itself').toBe(1);
  // Before the first ring.
  record.take({ kind: 'callerId' });
  rings(record, 2);
  expect(counted()).toBe(0);
});

it('forgets recoveries after a day', async () => {
  const { clock, record } = setUp();
  record.take({ kind: 'recovered' });
  await clock.advance(23 * HOUR_MS);
  record.take({ kind: 'recovered' });
  expect(record.facts().recoveries24h).toBe(2);
  await clock.advance(2 * HOUR_MS);
  expect(record.facts().recoveries24h).toBe(1);
});
