/**
 * Whether a line that was typed says yes, as rpmatch(3) takes it in the C locale. Undefined where
 * nobody could answer.
 */
export const saysYes = (answer: string | undefined): boolean | undefined =>
  answer === undefined ? undefined : /^[yY]/.test(answer)
