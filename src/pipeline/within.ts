/** Resolves when the work is done, or when the time is over. Rejects if the work does so before. */
export async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise((resolve) => (timer = setTimeout(resolve, Math.max(0, milliseconds))));
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
