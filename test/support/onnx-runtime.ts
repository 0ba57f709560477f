import { createRequire } from 'node:module';

/** Whether models can be run here; where they cannot, it is said so once. */
export const hasOnnxRuntime: boolean = (() => {
  try {
    createRequire(import.meta.url).resolve('onnxruntime-web');
    return true;
  } catch {
    console.log('onnxruntime-web is not installed: tests that run ONNX models are skipped.');
    return false;
  }
})();
