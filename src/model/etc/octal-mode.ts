/** Writes the mode of a file as chmod(1) takes it, with all four digits: `0755`. */
export const octalMode = (mode: number): string => mode.toString(8).padStart(4, '0')
