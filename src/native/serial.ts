/**
 * The serialport package, and nothing more of it than its Linux binding: the stream on top reads ahead, and bytes read ahead are lost when a call is handed to another program.
 */
import { missingPackage } from './missing-package.ts';

export interface SerialOptions {
  path: string;
  /** Bits a second towards the modem; USB modems ignore it. */
  baudRate: number;
  /** Take an flock(2) on the tty; an open fails while another program has one. */
  lock: boolean;
}

/** What we use of the binding. */
export interface SerialBinding {
  readonly fd: number | null;
  /** Kept by the package for good, also after the close, with everybody who listens to it. */
  readonly poller: {
    on(event: 'readable' | 'writable', listener: (error: Error | null) => void): void;
    /** Waits for these events and no others: 1 readable, 2 writable, 0 none. After each event it goes on with whatever it was ever asked for, so it has to be told again. */
    poll(events: number): void;
    removeAllListeners(): void;
  };
  update(options: { baudRate: number }): Promise<void>;
  /** TIOCMGET without RI. */
  get(): Promise<{ dsr: boolean; dcd: boolean }>;
  /** Crashes the process when called twice. */
  close(): Promise<void>;
}

/**
 * How a tty is opened: raw, non-blocking, with CLOCAL; raises DTR; drops input that was waiting. HUPCL is left as it is, since the package can only ever set it. What it throws is an Error with serialport's own text: it has neither
 * code nor errno. The package is loaded before, since that takes seconds on a slow card, and is no fault of the modem's.
 *
 * @throws ModemctlError HELPER where the package cannot be loaded
 */
export async function loadSerial(): Promise<(options: SerialOptions) => Promise<SerialBinding>> {
  const { SerialPort } = await import('serialport').catch((cause) => {
    throw missingPackage('serialport', cause);
  });
  const binding = SerialPort.binding as unknown as { open(options: object): Promise<SerialBinding> };
  return (options) => binding.open({ ...options, hupcl: false });
}
