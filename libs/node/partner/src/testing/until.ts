/** Resolves when it holds, looked at after every turn of the event loop; fails after the limit. */
export async function until(holds: () => boolean | Promise<boolean>, what: string, limitMs = 150_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`${what}: not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
