import type { KernelCase } from '../guest/case.ts';

export const cases: KernelCase[] = [
  {
    name: 'the command line runs in the guest',
    async run(guest) {
      await guest.run(['node', '--version']);
      await guest.run(['ls', '/sys/bus/usb/devices']);
    },
  },
];
