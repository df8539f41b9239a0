# Figures of indicators: how they are kept, entered and shown.
job-fold-figures = Fold the figures of indicators
job-check-figures = Check the figures against the records
schedule-fold-figures = Fold the figures of indicators
schedule-check-figures = Check the figures against the records
source-share = The computer counts which part of the { $what } fits. Nobody copies it by hand.
