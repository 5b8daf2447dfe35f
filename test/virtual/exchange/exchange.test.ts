import { describe, expect, test } from 'vitest';
import { Exchange } from '../../../src/virtual/exchange/exchange.ts';
import type { CarrierOffer, Link, Telephone, TelephoneLine } from '../../../src/virtual/exchange/line.ts';
import { FakeClock } from '../support/fake-clock.ts';

const OFFER: CarrierOffer = { maxRate: 33600, errorControl: true, compression: true };

/** A telephone that writes down what happens to it. */
class Notebook implements Telephone {
  readonly notes: string[] = [];
  readonly clock: FakeClock;
  line!: TelephoneLine;
  takes = 1000;

  constructor(clock: FakeClock) {
    this.clock = clock;
  }

  ring(on: boolean): void {
    this.notes.push(`${this.clock.now()} ${on ? 'ring' : 'rest'}`);
  }
  callerId({ number, name }: { number: string | null; name: string | null }): void {
    this.notes.push(`${this.clock.now()} ${number} ${name}`);
  }
  hear(sound: string): void {
    this.notes.push(`${this.clock.now()} ${sound}`);
  }
  carrier(link: Link | null): void {
    this.notes.push(`${this.clock.now()} ${link ? link.rate : 'no carrier'}`);
  }
  receive(bytes: Uint8Array): number {
    return Math.min(bytes.length, this.takes);
  }
  room(): void {
    this.notes.push(`${this.clock.now()} room`);
  }
}

function exchangeWith(...numbers: string[]): { clock: FakeClock; exchange: Exchange; phones: Notebook[] } {
  const clock = new FakeClock();
  const exchange = new Exchange({ clock, trainMs: 1000 });
  const phones = numbers.map((number) => {
    const phone = new Notebook(clock);
    phone.line = exchange.plugIn(number, phone, `NAME ${number}`);
    return phone;
  });
  return { clock, exchange, phones };
}

/** A call between the first two, both carriers up. */
function connected() {
  const set = exchangeWith('100', '200');
  const [calling, called] = set.phones as [Notebook, Notebook];
  calling.line.hook(true);
  calling.line.dial('200');
  calling.line.modulate(OFFER);
  set.clock.advance(1000);
  called.line.hook(true);
  called.line.modulate({ ...OFFER, maxRate: 14400 });
  set.clock.advance(1000);
  return { ...set, calling, called };
}

describe('the exchange', () => {
  test('rings 2 s on, 4 s off, with caller ID between the first and the second ring', () => {
    const { clock, phones } = exchangeWith('100', '200');
    const [calling, called] = phones as [Notebook, Notebook];
    calling.line.hook(true);
    clock.advance(150);
    calling.line.dial('200');
    clock.advance(13_000);
    expect(calling.notes).toEqual(['150 dial-tone', '150 nothing', '400 ringback']);
    expect(called.notes).toEqual([
      '400 ring',
      '2400 rest',
      '2900 100 NAME 100',
      '6400 ring',
      '8400 rest',
      '12400 ring',
    ]);
  });

  test('does not ring on when it is answered at the end of a ring', () => {
    const { clock, phones } = exchangeWith('100', '200');
    const [calling, called] = phones as [Notebook, Notebook];
    const ring = called.ring.bind(called);
    called.ring = (on) => {
      ring(on);
      if (!on) called.line.hook(true);
    };
    calling.line.hook(true);
    calling.line.dial('200');
    clock.advance(30_000);
    expect(called.notes.filter((note) => note.endsWith(' ring'))).toHaveLength(1);
  });

  test('carriers meet at the lower rate a second after both are up', () => {
    const { calling, called } = connected();
    expect(called.notes.at(-1)).toBe('2000 14400');
    expect(calling.notes.at(-1)).toBe('2000 14400');
  });

  test('hanging up takes the carrier from the other, who hears busy and can hang up too', () => {
    const { clock, calling, called } = connected();
    calling.line.hook(false);
    expect(called.notes.slice(-2)).toEqual(['2000 no carrier', '2000 busy']);
    called.line.hook(false);
    expect(clock.pending).toBe(0);
    // Both can be called again.
    called.line.hook(true);
    called.line.dial('100');
    clock.advance(300);
    expect(calling.notes.at(-1)).toMatch(/ ring$/);
  });

  test('stopping the carrier alone is seen at the other end, and the line stays', () => {
    const { calling, called } = connected();
    calling.line.modulate(null);
    expect(called.notes.at(-1)).toBe('2000 no carrier');
  });

  test('a cut line ends the call for both, and then is dead until it is mended', () => {
    const { clock, exchange, calling, called } = connected();
    exchange.setCut('200', true);
    expect(calling.notes.slice(-2)).toEqual(['2000 no carrier', '2000 busy']);
    expect(called.notes.at(-1)).toBe('2000 no carrier');
    called.line.hook(false);
    called.line.hook(true);
    clock.advance(1000);
    expect(called.notes.at(-1)).toBe('2000 no carrier');
    called.line.hook(false);
    exchange.setCut('200', false);
    called.line.hook(true);
    clock.advance(1000);
    expect(called.notes.at(-1)).toMatch(/dial-tone$/);
  });

  test('what the far end does not take is not taken, and room is told', () => {
    const { calling, called } = connected();
    called.takes = 3;
    expect(calling.line.send(Buffer.from('hello'))).toBe(3);
    called.line.room();
    expect(calling.notes.at(-1)).toBe('2000 room');
  });

  test.each([
    ['engaged', (called: Notebook) => called.line.hook(true), 'busy'],
    ['cut', (_called: Notebook, exchange: Exchange) => exchange.setCut('200', true), 'voice'],
  ])('%s', (_name, prepare, sound) => {
    const { clock, exchange, phones } = exchangeWith('100', '200');
    const [calling, called] = phones as [Notebook, Notebook];
    prepare(called, exchange);
    calling.line.hook(true);
    calling.line.dial('200');
    clock.advance(1000);
    expect(calling.notes.at(-1)).toBe(`250 ${sound}`);
  });

  test('a number that is the beginning of another is complete after 2 s', () => {
    const { clock, phones } = exchangeWith('100', '20', '200');
    const [calling, short, long] = phones as [Notebook, Notebook, Notebook];
    calling.line.hook(true);
    calling.line.dial('20');
    clock.advance(1999);
    expect(short.notes).toEqual([]);
    clock.advance(1);
    expect(short.notes).toEqual(['2000 ring']);
    expect(long.notes).toEqual([]);
  });

  test('9 gives a second dial tone, unless a number begins with it', () => {
    const plain = exchangeWith('100');
    plain.phones[0]?.line.hook(true);
    plain.phones[0]?.line.dial('9');
    plain.clock.advance(200);
    expect(plain.phones[0]?.notes.at(-1)).toBe('150 dial-tone');

    const taken = exchangeWith('100', '911');
    taken.phones[0]?.line.hook(true);
    taken.phones[0]?.line.dial('911');
    taken.clock.advance(300);
    expect(taken.phones[1]?.notes).toEqual(['250 ring']);
  });

  test('an outside caller rings as often as told, then gives up', () => {
    const { clock, exchange, phones } = exchangeWith('100');
    expect(exchange.ringFromOutside('100', { number: '5551234', name: 'X' }, 2)).not.toBeNull();
    expect(exchange.ringFromOutside('100', { number: '5551234', name: 'X' }, 2)).toBeNull();
    clock.advance(60_000);
    expect(phones[0]?.notes).toEqual(['0 ring', '2000 rest', '2500 5551234 X', '6000 ring', '8000 rest', '12000 rest']);
    expect(clock.pending).toBe(0);
  });

  test.each(['', '12a', '1'.repeat(21), '100'])('%j cannot be plugged in', (number) => {
    const { exchange, phones } = exchangeWith('100');
    expect(() => exchange.plugIn(number, phones[0] as Notebook)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});
