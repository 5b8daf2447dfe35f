/**
 * A program of its own: resets the USB device whose bus and address are its arguments. It exits 0, or 3 without rights, 4 when the device is not there, 5 when the kernel refused otherwise, 6 when the
 * `usb` package cannot be used on this machine; the reason is on stderr. It runs apart because nothing can end it while a wedged device holds it.
 */
import { resetDevice } from './usb.ts';

const EXIT = { denied: 3, gone: 4, failed: 5, unusable: 6 } as const;

const [bus, address] = process.argv.slice(2).map(Number);

async function run(): Promise<number> {
  if (!bus || !address) {
    process.stderr.write('usage: usb-reset-child BUS ADDRESS\n');
    return EXIT.failed;
  }
  try {
    const result = await resetDevice(bus, address);
    if (result.ok) return 0;
    process.stderr.write(`${result.detail}\n`);
    return EXIT[result.reason];
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
    return EXIT.unusable;
  }
}

process.exit(await run());
