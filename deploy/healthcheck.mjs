// Asks the service of this container whether it can do its work; the exit status is what the engine shows.
import { get } from 'node:http';

const url = `http://127.0.0.1:${process.env.CUSTOS_HTTP_PORT}/health/ready`;
const request = get(url, { timeout: 4_000, agent: false }, ({ statusCode }) =>
  process.exit(statusCode === 200 ? 0 : 1),
);
request.on('timeout', () => process.exit(1)).on('error', () => process.exit(1));
