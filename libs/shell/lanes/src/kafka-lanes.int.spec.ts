import { randomBytes } from 'node:crypto';
import { kafkaClient } from './kafka-client.js';
import { kafkaLanes } from './kafka-lanes.js';
import { lanesContract } from './lanes.contract.js';

const { CUSTOS_KAFKA: broker } = process.env;

// On a machine without Kafka each of them is skipped, and counted.
(broker === undefined ? describe.skip : describe)('the broker of the run', () => {
  lanesContract('Kafka', () => {
    const network = `contract-${randomBytes(4).toString('hex')}`;
    const brokers = [broker!];
    let clients = 0;
    return {
      client: () => kafkaLanes({ brokers, clientId: `client-${clients++}` }),
      network: () => network,
      async forget(lane) {
        const admin = kafkaClient(brokers, 'forget').admin();
        await admin.connect();
        const [range] = await admin.fetchTopicOffsets(lane);
        await admin.deleteTopicRecords({ topic: lane, partitions: [{ partition: 0, offset: range!.high }] });
        await admin.disconnect();
      },
    };
  });
});
