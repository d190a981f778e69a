/** A value of a document. Counts and bytes are bigint, which is printed with all its digits. */
export type Json = string | number | bigint | boolean | readonly Json[] | JsonObject

/** A document or a part of one. Keys whose value is undefined are left out. */
export type JsonObject = { readonly [key: string]: Json | undefined }
