/**
 * The C library by koffi: the calls that Node has no way to make. The only importer of koffi, which is optional: whoever calls this has something else to do where {@link isAvailable} says no.
 *
 * No call throws for what the system answers; it is in the result. Flags and layouts are Linux's.
 */
import { ModemctlError } from '../core/errors.ts';
import { canRunTheirArm } from './arm-board.ts';

/** What a call returned; `errno` is its name (`EAGAIN`), null where the call succeeded. */
export interface CallResult {
  readonly value: number;
  readonly errno: string | null;
}

/** Tells when a descriptor has something to read, or was hung up; paused at first. */
export interface ReadWatch {
  resume(): void;
  pause(): void;
  /** Ends it for good; the descriptor stays open. */
  close(): void;
}

/** Results of poll(2) for one descriptor, without waiting. */
export interface PollResult {
  readonly readable: boolean;
  readonly hungUp: boolean;
}

/** The part of termios that somebody asked for; the whole of it is in `raw`. */
export interface Termios {
  readonly inputFlags: number;
  readonly outputFlags: number;
  readonly controlFlags: number;
  readonly localFlags: number;
  /** The kernel's struct termios (TCGETS), to be changed and given back. */
  readonly raw: Buffer;
}

export interface Libc {
  open(path: string, flags: number): CallResult;
  close(fd: number): CallResult;
  dup(fd: number): CallResult;
  flock(fd: number, operation: number): CallResult;
  posixOpenpt(flags: number): CallResult;
  grantpt(fd: number): CallResult;
  unlockpt(fd: number): CallResult;
  /** The path of a PTY's slave, or null. */
  ptsname(fd: number): string | null;
  /** poll(2) for reading, with no time-out. */
  poll(fd: number): PollResult;
  /** poll(2) for writing, with no time-out. */
  isWritable(fd: number): boolean;
  /** poll(2) on the thread pool: true as soon as something can be read, or written, or the descriptor was hung up. Cannot be called off, so keep `limitMs` short. */
  waitFor(fd: number, event: 'readable' | 'writable', limitMs: number): Promise<boolean>;
  tcgetattr(fd: number): Termios | null;
  /** Gives a changed {@link Termios.raw} back, at once (TCSETS). */
  tcsetattr(fd: number, raw: Buffer): CallResult;
  /** @param argument a structure in memory, changed in place, or a number passed as it is */
  ioctl(fd: number, request: number, argument: Buffer | number): CallResult;
  /** The same on the thread pool, for requests that block (TIOCMIWAIT). A blocked one cannot be called off. */
  ioctlAsync(fd: number, request: number, argument: Buffer | number): Promise<CallResult>;
  /** Sends one datagram to a Unix socket, without waiting. @param path an abstract name begins with `@`, as in NOTIFY_SOCKET; at most 107 bytes */
  sendDatagram(path: string, message: string): CallResult;
  /** @param event called while there is something to read; it must read, or pause the watch */
  watchReadable(fd: number, event: () => void): ReadWatch;
}

/** Requests and flags of <asm-generic/ioctls.h> and <asm-generic/termbits.h>. */
const TCGETS = 0x5401;
const TCSETS = 0x5402;
/** sizeof(struct termios) in the kernel is 36 on all Linux targets of ours; room for more does no harm. */
const TERMIOS_SIZE = 64;
/** <sys/socket.h>, <sys/un.h>. */
const AF_UNIX = 1;
const SOCK_DGRAM = 2;
const SOCK_CLOEXEC = 0o2000000;
const MSG_DONTWAIT = 0x40;
const MSG_NOSIGNAL = 0x4000;
const POLLIN = 0x1;
const POLLOUT = 0x4;
const POLLHUP = 0x10;
const POLLERR = 0x8;

let loading: Promise<Libc | null> | undefined;

/** The library, or null where koffi is not installed or cannot be loaded. Loaded once, on first use. */
export function loadLibc(): Promise<Libc | null> {
  loading ??= bind().catch(() => null);
  return loading;
}

/** Whether koffi is there. */
export async function isAvailable(): Promise<boolean> {
  return (await loadLibc()) !== null;
}

/**
 * The library.
 * @param purpose what needs it, for the message: `virtual modems need`
 * @throws ModemctlError HELPER where koffi is missing
 */
export async function requireLibc(purpose: string): Promise<Libc> {
  const libc = await loadLibc();
  if (libc) return libc;
  throw new ModemctlError('HELPER', `${purpose} the optional package koffi`, { hint: 'npm install koffi' });
}

async function bind(): Promise<Libc> {
  if (!canRunTheirArm()) throw new Error('koffi has no binary for ARMv6');
  const { default: koffi } = await import('koffi');
  // The process itself: glibc or musl, whichever is loaded.
  const library = koffi.load(null);
  const names = new Map(Object.entries(koffi.os.errno).map(([name, number]) => [number, name]));
  // Names that share their number: POSIX's spelling wins.
  for (const name of ['EAGAIN', 'EDEADLK', 'EOPNOTSUPP']) names.set(koffi.os.errno[name] as number, name);
  const result = (value: number): CallResult => {
    if (value >= 0) return { value, errno: null };
    const number = koffi.errno();
    return { value, errno: names.get(number) ?? `errno ${number}` };
  };

  const open = library.func('int open(const char *path, int flags)');
  const close = library.func('int close(int fd)');
  const flock = library.func('int flock(int fd, int operation)');
  const dup = library.func('int dup(int fd)');
  const posixOpenpt = library.func('int posix_openpt(int flags)');
  const grantpt = library.func('int grantpt(int fd)');
  const unlockpt = library.func('int unlockpt(int fd)');
  const ptsname = library.func('int ptsname_r(int fd, void *name, size_t size)');
  const poll = library.func('int poll(void *fds, ulong count, int timeout)');
  // Declared once for each kind of argument: a variadic declaration could not be called on the thread pool.
  const ioctlBuffer = library.func('ioctl', 'int', ['int', 'ulong', 'void *']);
  const ioctlNumber = library.func('ioctl', 'int', ['int', 'ulong', 'long']);
  const socket = library.func('int socket(int domain, int type, int protocol)');
  const sendto = library.func(
    'long sendto(int fd, const void *data, size_t size, int flags, const void *address, uint length)',
  );
  const pollEntry = (fd: number, events: number) => {
    const entry = Buffer.alloc(8);
    entry.writeInt32LE(fd, 0);
    entry.writeInt16LE(events, 4);
    return entry;
  };
  // koffi does not keep what a call on the thread pool was given: collected meanwhile, its memory would be somebody else's when the kernel writes to it.
  const inUse = new Set<object>();
  const onThreadPool = <T>(memory: Buffer | number, start: (done: (error: unknown, value: T) => void) => void) =>
    new Promise<T>((resolve, reject) => {
      const held = { memory };
      inUse.add(held);
      start((error, value) => {
        inUse.delete(held);
        if (error) reject(new ModemctlError('BUG', 'a call of the C library could not be started', { cause: error }));
        else resolve(value);
      });
    });
  const ioctlFor = (argument: Buffer | number) => (typeof argument === 'number' ? ioctlNumber : ioctlBuffer);

  return {
    open: (path, flags) => result(open(path, flags)),
    close: (fd) => result(close(fd)),
    flock: (fd, operation) => result(flock(fd, operation)),
    dup: (fd) => result(dup(fd)),
    posixOpenpt: (flags) => result(posixOpenpt(flags)),
    grantpt: (fd) => result(grantpt(fd)),
    unlockpt: (fd) => result(unlockpt(fd)),
    ptsname: (fd) => {
      const name = Buffer.alloc(128);
      return ptsname(fd, name, name.length) === 0 ? name.toString('latin1', 0, name.indexOf(0)) : null;
    },
    poll: (fd) => {
      const entry = pollEntry(fd, POLLIN);
      poll(entry, 1, 0);
      const events = entry.readInt16LE(6);
      return { readable: (events & POLLIN) !== 0, hungUp: (events & (POLLHUP | POLLERR)) !== 0 };
    },
    isWritable: (fd) => poll(pollEntry(fd, POLLOUT), 1, 0) === 1,
    waitFor: async (fd, event, limitMs) => {
      const entry = pollEntry(fd, event === 'readable' ? POLLIN : POLLOUT);
      return (await onThreadPool<number>(entry, (done) => poll.async(entry, 1, limitMs, done))) === 1;
    },
    tcgetattr: (fd) => {
      const raw = Buffer.alloc(TERMIOS_SIZE);
      if (ioctlBuffer(fd, TCGETS, raw) < 0) return null;
      const [inputFlags, outputFlags, controlFlags, localFlags] = new Uint32Array(raw.buffer, raw.byteOffset, 4);
      return {
        inputFlags: inputFlags as number,
        outputFlags: outputFlags as number,
        controlFlags: controlFlags as number,
        localFlags: localFlags as number,
        raw,
      };
    },
    tcsetattr: (fd, raw) => result(ioctlBuffer(fd, TCSETS, raw)),
    ioctl: (fd, request, argument) => result(ioctlFor(argument)(fd, request, argument)),
    ioctlAsync: (fd, request, argument) =>
      onThreadPool<CallResult>(argument, (done) =>
        // Here, and not later: the number of the error is that of the last call.
        ioctlFor(argument).async(fd, request, argument, (error: unknown, value: number) => done(error, result(value))),
      ),
    sendDatagram: (path, message) => {
      const fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
      if (fd < 0) return result(fd);
      const name = Buffer.from(path.replace(/^@/, '\0'));
      const address = Buffer.alloc(2 + name.length);
      address.writeUInt16LE(AF_UNIX, 0);
      name.copy(address, 2);
      const data = Buffer.from(message);
      const sent = result(sendto(fd, data, data.length, MSG_DONTWAIT | MSG_NOSIGNAL, address, address.length));
      close(fd);
      return sent;
    },
    watchReadable: (fd, event) => {
      // The interface of koffi's poll handles is young: nothing is expected of what it passes. What is thrown in its callback kills the process at the next garbage collection, so it is thrown elsewhere.
      const tell = () => {
        try {
          event();
        } catch (error) {
          setImmediate(() => {
            throw error;
          });
        }
      };
      const handle = koffi.node.poll(fd, { readable: true }, tell);
      handle.stop();
      return {
        resume: () => handle.start({ readable: true }, tell),
        pause: () => handle.stop(),
        close: () => handle.close(),
      };
    },
  };
}
