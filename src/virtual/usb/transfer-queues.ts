/** Open transfers, by endpoint and direction, in the order they came. */
import type { Transfer } from './usb-device.ts';

export class TransferQueues {
  readonly #queues = new Map<string, Transfer[]>();

  add(transfer: Transfer): void {
    const name = key(transfer.direction, transfer.endpoint);
    const queue = this.#queues.get(name);
    if (queue) queue.push(transfer);
    else this.#queues.set(name, [transfer]);
  }

  /** The one whose turn it is. */
  first(direction: 'in' | 'out', endpoint: number): Transfer | undefined {
    return this.#queues.get(key(direction, endpoint))?.[0];
  }

  /** False if it is not open (any more). */
  remove(transfer: Transfer): boolean {
    const queue = this.#queues.get(key(transfer.direction, transfer.endpoint));
    const at = queue?.indexOf(transfer) ?? -1;
    if (at < 0) return false;
    queue!.splice(at, 1);
    return true;
  }

  clear(): void {
    this.#queues.clear();
  }
}

function key(direction: string, endpoint: number): string {
  return `${direction}${endpoint}`;
}
