/** Resolves as `work` does; rejects with this message when that takes longer than `ms`. */
export async function within<Result>(
  ms: number,
  work: Promise<Result>,
  message: () => string,
): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${message()}: nothing after ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
