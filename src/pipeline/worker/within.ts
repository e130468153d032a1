/** Resolves when the work is done, and after so many milliseconds at the latest. Rejects where the work does before. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([work, new Promise((resolve) => (timer = setTimeout(resolve, Math.max(0, milliseconds))))]);
  clearTimeout(timer);
}
