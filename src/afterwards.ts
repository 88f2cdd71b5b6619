/** Work that waits until the answer is printed. What fails of it costs nothing but the work. */
type Work = () => Promise<void>;

const waiting: Work[] = [];

export const afterwards = (work: Work): void => void waiting.push(work);

/** Does what waits, once. */
export async function doAfterwards(): Promise<void> {
  for (const work of waiting.splice(0)) await work().catch(() => undefined);
}
