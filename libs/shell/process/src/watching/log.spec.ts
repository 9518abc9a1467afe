import { openLog } from './log.js';

function lines(level: 'info' | 'debug', write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  write(openLog('sample', level, { write: (line) => void found.push(JSON.parse(line) as Record<string, unknown>) }));
  return found;
}

test('a line has its service, event and facts, and the causes of an error', () => {
  const [line] = lines('info', (log) => {
    log.debug('not at this level');
    log.error('stuck', { height: 7, error: new Error('outer', { cause: new Error('inner') }) });
  });
  expect(line).toMatchObject({ service: 'sample', msg: 'stuck', height: 7 });
  expect(JSON.stringify(line)).toContain('inner');
});

test('what must not be read in a log is not, even when somebody passes it', () => {
  const found = lines('debug', (log) => {
    log.info('a', { token: 's3cret', caller: { password: 's3cret', name: 'x' } });
    log.debug('b', { payload: 's3cret', headers: { authorization: 's3cret' } });
  });
  expect(found).toHaveLength(2);
  expect(JSON.stringify(found)).not.toContain('s3cret');
});

test('an error is logged by its texts alone, and these without passwords, tokens and keys', () => {
  const address = 'postgres://custos:s3cret pass@db.example:5432/own';
  const wrongUrl = (): unknown => {
    try {
      return new URL(address.replace('5432', 's3cret'));
    } catch (error) {
      return error;
    }
  };
  const query = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (key)=(s3cret)' });
  const pem = '-----BEGIN EC PRIVATE KEY-----\ns3cret\n-----END EC PRIVATE KEY-----';
  const [line] = lines('info', (log) =>
    log.error('failed', {
      error: new Error(`cannot reach ${address}`, {
        cause: new Error(`sent Authorization: Bearer s3cret and ${pem}`, {
          cause: Object.assign(query, { parameters: ['s3cret'], cause: wrongUrl() }),
        }),
      }),
    }),
  );
  const text = JSON.stringify(line);
  expect(text).not.toContain('s3cret');
  for (const told of ['db.example:5432/own', 'Bearer (not logged)', 'duplicate key', '23505', 'ERR_INVALID_URL'])
    expect(text).toContain(told);
});

test('what is no error is logged as text', () => {
  const [line] = lines('info', (log) => log.warn('failed', { error: 'postgres://u:s3cret@h/d' }));
  expect(line).toMatchObject({ error: 'postgres://(not logged)@h/d' });
});
