import { ConfigError, oneOf, port, readConfig, text } from './index.js';

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
});
