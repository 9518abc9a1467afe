import type { PipeTransform } from '@nestjs/common';
import { parseInput, type Route } from '@custos/formats-api';
import type { Asked } from './asked.js';
import { malformedProblem } from './problem.js';

/** Parses what was sent by the schema of its contract. @throws Problem 400 with the place of the first fault. */
export class InputPipe implements PipeTransform<Asked, Asked> {
  constructor(private readonly contract: Route) {}

  transform(asked: Asked): Asked {
    const { judgedBy = 'schema', input, method } = this.contract;
    if (judgedBy === 'core') return asked;
    const parsed = parseInput(input, asked.input, method === 'POST' ? 'body' : 'query');
    if (!parsed.ok) throw malformedProblem(parsed.malformed);
    return { ...asked, input: parsed.value };
  }
}
