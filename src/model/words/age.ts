const steps = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'm'],
  [1, 's'],
] as const

/** Writes how long ago something was, in the largest whole unit: `3d`, `2h`, `45s`. */
export const formatAge = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const [length, unit] = steps.find(([each]) => seconds >= each) ?? [1, 's']
  return `${Math.floor(seconds / length)}${unit}`
}
