import { Dce } from '../../src/virtual/dce/dce.ts';
import { Exchange } from '../../src/virtual/exchange/exchange.ts';
import { plugInSubscribers } from '../../src/virtual/exchange/subscribers.ts';
import { MemoryPort } from '../../src/virtual/faces/memory.ts';
import { modelNamed } from '../../src/virtual/models/index.ts';
import { fastClock as clock } from '../support/fast-clock.ts';
import { describePort } from './describe-port.ts';

describePort('a modem in memory', async () => {
  const exchange = new Exchange({ clock });
  plugInSubscribers(exchange);
  const dce = new Dce({
    dialect: modelNamed('usr5637').dialect!,
    clock,
    date: () => new Date(),
    plugIn: (telephone) => exchange.plugIn('5550101', telephone, 'USR'),
  });
  let port: MemoryPort;
  return {
    dce,
    hasCircuits: true,
    canKeepLine: true,
    slowness: 1,
    open: async () => {
      port = new MemoryPort(dce);
      return port;
    },
    unplug: async () => port.unplug(),
    close: async () => dce.powerOff(),
  };
});
