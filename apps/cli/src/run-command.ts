import { UsageError } from './arguments.js';
import { COMMANDS } from './commands.js';

/** Runs one command line; the exit status: 0 done, 1 it failed or found something wrong, 2 called wrongly. */
export async function runCommand([name = 'help', ...rest]: readonly string[]): Promise<number> {
  const command = COMMANDS.get(name);
  if (!command) {
    console.error(`custos: no command ${name}; "custos help" lists them`);
    return 2;
  }
  try {
    return await command.run(rest);
  } catch (error) {
    console.error(`custos ${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (!(error instanceof UsageError)) return 1;
    console.error(`usage: custos ${name} ${command.usage}`);
    return 2;
  }
}
