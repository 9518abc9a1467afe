import { UsageError } from './arguments.js';
import { COMMANDS, HELP, help } from './commands.js';

/** Runs one command line; the exit status: 0 done, 1 it failed or found something wrong, 2 called wrongly. */
export async function runCommand([first = 'help', ...rest]: readonly string[]): Promise<number> {
  const name = HELP.includes(first) ? 'help' : first;
  const command = COMMANDS.get(name);
  if (!command) {
    console.error(`custos: no command ${name}; "custos help" lists them`);
    return 2;
  }
  try {
    // Behind `--` it is an argument like any other.
    const options = rest.slice(0, rest.includes('--') ? rest.indexOf('--') : rest.length);
    if (name === 'help' || !options.some((option) => HELP.includes(option))) return await command.run(rest);
    return await help([name]);
  } catch (error) {
    console.error(`custos ${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error(`usage: custos ${name} ${command.usage}`);
    return 2;
  }
}
