/** Asks the user for a line while the terminal is raw; what comes from the far end meanwhile waits. */
import type { Keys } from './keys.ts';
import { Prompt } from './prompt.ts';
import type { Receiver } from './receiver.ts';
import type { Screen } from './screen.ts';

export class Questioner {
  readonly #screen: Screen;
  readonly #keys: Keys;
  readonly #receiver: Receiver;
  readonly #over: AbortSignal;

  /** @param over ends every question */
  constructor(screen: Screen, keys: Keys, receiver: Receiver, over: AbortSignal) {
    this.#screen = screen;
    this.#keys = keys;
    this.#receiver = receiver;
    this.#over = over;
  }

  /** @returns the line, or null: cancelled, also by a key for the terminal */
  ask(question: string): Promise<string | null> {
    return this.#receiver.hold(async () => {
      await this.#screen.ask(question);
      const prompt = new Prompt();
      for (;;) {
        const event = await this.#keys.next(this.#over);
        const answer = event?.kind === 'data' ? prompt.type(event.bytes) : { kind: 'cancelled' as const };
        if (answer.kind !== 'cancelled') await this.#screen.show(Buffer.from(answer.echo));
        if (answer.kind === 'more') continue;
        await this.#screen.freshLine();
        if (answer.kind === 'line') {
          this.#keys.putBack(answer.rest);
          return answer.line;
        }
        void this.#screen.tell('cancelled');
        return null;
      }
    });
  }
}
