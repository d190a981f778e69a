/** An object that has some functions of another one replaced, and its others from there. */
export const replacing = <T extends object>(whole: T, some: Partial<T>): T =>
  Object.assign(Object.create(whole) as T, some)
