/** A USB modem: descriptors, endpoint 0 and, if it is a CDC-ACM device, the three endpoints that carry bytes and circuits. What it cannot do now it leaves open, as a device that answers NAK. */
import { AcmRequests, serialState } from './acm-requests.ts';
import { BusWatch } from './bus-watch.ts';
import type { UsbDescription } from './description.ts';
import type { Electronics, ElectronicsListener } from './electronics.ts';
import { StandardRequests } from './standard-requests.ts';
import { TransferQueues } from './transfer-queues.ts';
import { TRANSFER_STATUS, type Transfer, type UsbDevice } from './usb-device.ts';

const STANDARD = 0x00;
const CLASS = 0x20;

export class UsbModem implements UsbDevice, ElectronicsListener {
  readonly description: UsbDescription;
  readonly #electronics: Electronics;
  readonly #watch: BusWatch;
  readonly #standard: StandardRequests;
  readonly #class: AcmRequests;
  readonly #queues = new TransferQueues();
  /** How much of the first bulk OUT transfer the modem took already. */
  #taken = 0;
  /** The SERIAL_STATE the host was told last; null: none yet. */
  #reported: string | null = null;

  constructor(description: UsbDescription, electronics: Electronics) {
    this.description = description;
    this.#electronics = electronics;
    this.#watch = new BusWatch(description);
    this.#standard = new StandardRequests(description);
    this.#class = new AcmRequests(electronics);
  }

  plugIn(): void {
    this.#forget();
    this.#watch.pluggedIn();
    this.#electronics.happened('plugged');
  }

  unplug(): void {
    this.#forget();
    this.#electronics.happened('unplugged');
  }

  submit(transfer: Transfer): void {
    if (transfer.endpoint === 0) {
      this.#control(transfer);
      return;
    }
    this.#queues.add(transfer);
    const acm = this.description.acm;
    if (!acm) return;
    if (transfer.direction === 'out') {
      if (transfer.endpoint === acm.bulkOut) this.room();
    } else if (transfer.endpoint === acm.bulkIn) this.readable();
    else if (transfer.endpoint === acm.notify) this.circuitsChanged();
  }

  cancel(transfer: Transfer): boolean {
    if (this.#queues.first(transfer.direction, transfer.endpoint) === transfer && transfer.direction === 'out') {
      this.#taken = 0;
    }
    return this.#queues.remove(transfer);
  }

  readable(): void {
    const acm = this.description.acm;
    for (;;) {
      const transfer = acm && this.#queues.first('in', acm.bulkIn);
      if (!transfer) return;
      const bytes = this.#electronics.take(transfer.length);
      if (bytes.length === 0) return;
      this.#finish(transfer, bytes);
    }
  }

  room(): void {
    const acm = this.description.acm;
    for (;;) {
      const transfer = acm && this.#queues.first('out', acm.bulkOut);
      if (!transfer) return;
      this.#taken += this.#electronics.accept(transfer.data.subarray(this.#taken));
      if (this.#taken < transfer.data.length) return;
      this.#taken = 0;
      this.#finish(transfer);
    }
  }

  circuitsChanged(): void {
    const acm = this.description.acm;
    const transfer = acm && this.#queues.first('in', acm.notify);
    if (!acm || !transfer) return;
    const notification = serialState(acm.controlInterface, this.#electronics.circuitsNow());
    const state = notification.join();
    if (state === this.#reported) return;
    this.#reported = state;
    this.#finish(transfer, notification);
  }

  #finish(transfer: Transfer, bytes?: Uint8Array): void {
    this.#queues.remove(transfer);
    transfer.complete(TRANSFER_STATUS.ok, bytes);
  }

  #control(transfer: Transfer): void {
    const { setup, data } = transfer;
    if (!this.#electronics.answersBus) {
      this.#queues.add(transfer);
      return;
    }
    const event = this.#watch.saw(setup);
    if (event === 'reset' || event === 'powered') this.#forget();
    if (event) this.#electronics.happened(event);
    const type = setup.requestType & 0x60;
    let answer: Uint8Array | null = null;
    if (type === STANDARD) answer = this.#standard.answer(setup);
    else if (type === CLASS && this.description.acm) answer = this.#class.answer(setup, data);
    if (answer === null) transfer.complete(TRANSFER_STATUS.stall);
    else transfer.complete(TRANSFER_STATUS.ok, answer);
  }

  /** Power-up and reset leave nothing of the host's settings. */
  #forget(): void {
    this.#queues.clear();
    this.#standard.reset();
    this.#class.reset();
    this.#taken = 0;
    this.#reported = null;
  }
}
