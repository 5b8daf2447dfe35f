/**
 * A program of its own: resets the USB device whose bus and address are its arguments. It exits 0, or as RESET_EXIT says, with the reason on stderr. It runs apart because nothing can end it while a wedged device holds it.
 */
import { RESET_EXIT, resetDevice } from './usb.ts';

const [bus, address] = process.argv.slice(2).map(Number);

async function run(): Promise<number> {
  if (!bus || !address) {
    process.stderr.write('usage: usb-reset-child BUS ADDRESS\n');
    return RESET_EXIT.failed;
  }
  try {
    const result = await resetDevice(bus, address);
    if (result.ok) return 0;
    process.stderr.write(`${result.detail}\n`);
    return RESET_EXIT[result.reason];
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message.split('\n')[0] : String(error)}\n`);
    return RESET_EXIT.unusable;
  }
}

process.exit(await run());
