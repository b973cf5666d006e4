export * from './errors/error-codes.js';
