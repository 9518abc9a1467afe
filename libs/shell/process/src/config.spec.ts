import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigError, lanesSetting, oneOf, port, readConfig, secret, text } from './index.js';

const settings = {
  genesis: text('CUSTOS_GENESIS', 'the genesis document'),
  port: port('CUSTOS_HTTP_PORT', 'where to listen'),
  level: oneOf('CUSTOS_LOG', 'how much to log', ['debug', 'info'], 'info'),
};

describe('settings', () => {
  it('are read once into a frozen object, with defaults', () => {
    const config = readConfig(settings, { CUSTOS_GENESIS: 'g.json', CUSTOS_HTTP_PORT: '7400' });
    expect(config).toEqual({ genesis: 'g.json', port: 7400, level: 'info' });
    expect(Object.isFrozen(config)).toBe(true);
  });

  it('name every variable that is wrong, and what is right', () => {
    const wrong = () => readConfig(settings, { CUSTOS_HTTP_PORT: '70000', CUSTOS_LOG: 'loud' });
    expect(wrong).toThrow(ConfigError);
    expect(wrong).toThrow(/CUSTOS_GENESIS.*\nCUSTOS_HTTP_PORT.*0 to 65535\nCUSTOS_LOG.*one of debug, info/);
  });

  it('take lanes from the brokers, unless a folder of files is named', () => {
    const read = (environment: Record<string, string>) =>
      readConfig({ lanes: lanesSetting(environment) }, environment).lanes;
    expect(read({ CUSTOS_KAFKA: 'a:9092,b:9092' })).toBe('a:9092,b:9092');
    expect(read({ CUSTOS_KAFKA: 'a:9092', CUSTOS_LANES: 'kafka' })).toBe('a:9092');
    expect(read({ CUSTOS_KAFKA: 'a:9092', CUSTOS_LANES: 'file:/lanes' })).toBe('file:/lanes');
    expect(() => read({})).toThrow('CUSTOS_KAFKA: brokers');
    for (const wrong of ['file', 'file:', '/lanes'])
      expect(() => read({ CUSTOS_LANES: wrong })).toThrow(
        'CUSTOS_LANES: what carries the lanes; set it to file:/folder',
      );
  });

  it('take a secret from the variable, else from the file that another one names', () => {
    const directory = mkdtempSync(join(tmpdir(), 'custos-config-'));
    const file = join(directory, 'postgres.url');
    writeFileSync(file, 'postgres://role:word@host/database\n');
    const read = (environment: Record<string, string>) =>
      readConfig({ postgres: secret('CUSTOS_POSTGRES', 'its database') }, environment).postgres;
    try {
      expect(read({ CUSTOS_POSTGRES_FILE: file })).toBe('postgres://role:word@host/database');
      expect(read({ CUSTOS_POSTGRES_FILE: file, CUSTOS_POSTGRES: 'postgres://other' })).toBe('postgres://other');
      expect(() => read({ CUSTOS_POSTGRES_FILE: `${file}.not` })).toThrow(
        /^CUSTOS_POSTGRES: its database; set it to a text, or CUSTOS_POSTGRES_FILE to a file with it$/,
      );
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
