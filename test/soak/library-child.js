/** A long-lived program that uses the library: calls with the modems it is told of, and says what it costs. Its parent speaks to it by messages. */
import { readdirSync } from 'node:fs';
import { isModemctlError, openModem } from '../../dist/index.js';

const REPLY_LIMIT_MS = 15_000;

process.on('message', async (job) => {
  const result = await JOBS[job.do](job).catch((error) => ({
    outcome: isModemctlError(error) ? error.code : `not an error of ours: ${error?.stack}`,
  }));
  process.send({ ...result, ticket: job.ticket });
});

const stops = new Map();

const JOBS = {
  dial,
  abort: async ({ id }) => {
    stops.get(id)?.abort();
    return {};
  },
  recover: async ({ modem: name }) => {
    const modem = await openModem(name, { force: true });
    try {
      const { recovered, steps } = await modem.recover();
      const answer = recovered ? await modem.command('ATI3') : null;
      return { outcome: recovered && answer.result === 'OK' ? 'ok' : JSON.stringify({ steps, answer }) };
    } finally {
      await modem.close();
    }
  },
  ask: async ({ modem: name }) => {
    const modem = await openModem(name);
    try {
      const { result } = await modem.command('ATI3');
      return { outcome: result === 'OK' ? 'ok' : `ATI3: ${result}` };
    } finally {
      await modem.close();
    }
  },
  measure: async () => {
    globalThis.gc();
    return {
      heapKB: Math.round(process.memoryUsage().heapUsed / 1024),
      descriptors: readdirSync('/proc/self/fd').length - 1,
      resources: process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap' && name !== 'Pipe'),
    };
  },
};

async function dial({ id, modem: name, number, reply, waitMs }) {
  const stop = new AbortController();
  stops.set(id, stop);
  const told = { connected: false, replied: false };
  let modem = null;
  try {
    modem = await openModem(name);
    const outcome = await modem.dial(number, { signal: stop.signal, carrierWaitMs: waitMs });
    if (!outcome.connected) return { ...told, outcome: outcome.reason };
    told.connected = true;
    told.replied = (await converse(outcome.call.stream, id)) === reply;
    const line = await outcome.call.hangUp();
    return { ...told, outcome: !line.free ? line.code : told.replied ? 'ok' : 'CUT_OFF' };
  } catch (error) {
    if (isModemctlError(error)) return { ...told, outcome: error.code };
    throw error;
  } finally {
    stops.delete(id);
    await modem?.close();
  }
}

/** Says who calls, and returns the line that comes back; null: none came. */
async function converse(stream, id) {
  const limit = setTimeout(() => stream.destroy(), REPLY_LIMIT_MS);
  let text = '';
  try {
    stream.on('error', () => {});
    stream.write(`${id}\n`);
    for await (const bytes of stream) {
      text += bytes.toString('latin1');
      const end = text.indexOf('\n');
      if (end >= 0) return text.slice(0, end);
    }
  } catch {
    // As with its end: no line came.
  } finally {
    clearTimeout(limit);
  }
  return null;
}
