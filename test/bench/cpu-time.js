/** The processor time of children that have ended: other people's load on the machine does not count there, as it does in the time on the clock. */

/** <bits/resource.h> */
const RUSAGE_CHILDREN = -1;

/** A function that tells the milliseconds used so far by all children waited for; null without koffi. */
export async function childrenCpuClock() {
  const koffi = await import('koffi').then(
    (module) => module.default,
    () => null,
  );
  if (!koffi) return null;
  const getrusage = koffi.load(null).func('int getrusage(int who, void *usage)');
  const usage = Buffer.alloc(256);
  return () => {
    getrusage(RUSAGE_CHILDREN, usage);
    // struct rusage begins with two struct timeval, of user and of system time: two longs each on 64-bit machines.
    const [userS, userUs, systemS, systemUs] = new BigInt64Array(usage.buffer, usage.byteOffset, 4);
    return Number(userS + systemS) * 1000 + Number(userUs + systemUs) / 1000;
  };
}
