/** A policy file that must not be used: the program does not start. Names the file, the parameter and the fault. */
export class PolicyFileError extends Error {
  constructor(file: string, id: string, fault: string, options?: ErrorOptions) {
    super(`policy file ${file}, ${id}: ${fault}`, options);
    this.name = 'PolicyFileError';
  }
}
