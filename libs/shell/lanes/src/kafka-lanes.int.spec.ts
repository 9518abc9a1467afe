import { randomBytes } from 'node:crypto';
import { kafkaLanes } from './kafka-lanes.js';
import { lanesContract } from './lanes.contract.js';

lanesContract('Kafka', () => {
  const network = `contract-${randomBytes(4).toString('hex')}`;
  const brokers = [process.env['CUSTOS_KAFKA'] as string];
  let clients = 0;
  return { client: () => kafkaLanes({ brokers, clientId: `client-${clients++}` }), network: () => network };
});
