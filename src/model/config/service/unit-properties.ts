/** Reads what `systemctl show` prints of one unit: the values of its properties by their names. */
export const unitPropertiesIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split('\n').flatMap((line) => {
      const [name, ...value] = line.split('=')
      return name === undefined || value.length === 0 ? [] : [[name, value.join('=')] as const]
    }),
  )
