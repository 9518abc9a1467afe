import { openLog } from './log.js';

function lines(level: 'info' | 'debug', write: (log: ReturnType<typeof openLog>) => void): Record<string, unknown>[] {
  const found: Record<string, unknown>[] = [];
  write(openLog('sample', level, { write: (line) => void found.push(JSON.parse(line) as Record<string, unknown>) }));
  return found;
}

test('a line has its service, event and facts, and the causes of an error', () => {
  const [line] = lines('info', (log) => {
    log.debug('not at this level');
    log.alarm('stuck', { height: 7, error: new Error('outer', { cause: new Error('inner') }) });
  });
  expect(line).toMatchObject({ service: 'sample', msg: 'stuck', height: 7 });
  expect(JSON.stringify(line)).toContain('inner');
});

test('what must not be read in a log is not, even when somebody passes it', () => {
  const found = lines('debug', (log) => {
    log.say('a', { token: 's3cret', caller: { password: 's3cret', name: 'x' } });
    log.debug('b', { payload: 's3cret', headers: { authorization: 's3cret' } });
  });
  expect(found).toHaveLength(2);
  expect(JSON.stringify(found)).not.toContain('s3cret');
});
