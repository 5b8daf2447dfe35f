// Exploring by hand: attaches stub modems and prints every request that endpoint 0 gets.
import { UsbipBox } from '../../../src/virtual/faces/usbip/usbip-box.ts';
import * as devices from '../../../src/virtual/usb/devices.ts';
import type { Electronics, ElectronicsListener } from '../../../src/virtual/usb/electronics.ts';
import type { Transfer } from '../../../src/virtual/usb/usb-device.ts';
import { UsbModem } from '../../../src/virtual/usb/usb-modem.ts';

class Stub implements Electronics {
  listener: ElectronicsListener | null = null;
  out = '';
  line = '';
  dtr = false;
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
  accept(bytes: Uint8Array): number {
    if (process.env.STALLED) return 0;
    const text = Buffer.from(bytes).toString('latin1');
    this.line += text;
    this.out += text;
    if (text.includes('\r')) {
      this.out += '\r\nOK\r\n';
      this.line = '';
    }
    this.listener?.readable();
    return bytes.length;
  }
  take(max: number): Uint8Array {
    const head = this.out.slice(0, max);
    this.out = this.out.slice(max);
    return Buffer.from(head, 'latin1');
  }
  setDtr(up: boolean): void {
    console.log(`${this.name} dtr ${up}`);
  }
  setRts(): void {}
  setRate(rate: number): void {
    console.log(`${this.name} rate ${rate}`);
  }
  sendBreak(on: boolean): void {
    console.log(`${this.name} break ${on}`);
  }
  circuits() {
    return { dcd: true, dsr: true, ri: false };
  }
  happened(event: string): void {
    console.log(`${this.name} == ${event}`);
  }
}

class Tracing extends UsbModem {
  override submit(transfer: Transfer): void {
    if (transfer.endpoint === 0) {
      const s = transfer.setup;
      console.log(
        `  ep0 ${s.requestType.toString(16)} req ${s.request} value ${s.value.toString(16)} index ${s.index.toString(16)} length ${s.length}`,
      );
    }
    super.submit(transfer);
  }
}

const names = process.argv.slice(2);
const modems = names.map((name) => {
  const stub = new Stub(name);
  const modem = new Tracing((devices as Record<string, any>)[name], stub);
  stub.listener = modem;
  return modem;
});
const box = await UsbipBox.start(modems, { attach: true });
console.log(`serving on ${box.port}`);
process.on('SIGTERM', () => void box.stop().then(() => process.exit(0)));
process.on('SIGUSR1', () => void box.sockets[0]!.replug(500));
