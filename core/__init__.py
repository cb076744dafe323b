"""What every app needs and no app owns: audit trail, counts, disclosure, jobs, imports. No word of the business."""
