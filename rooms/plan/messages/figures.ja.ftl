# Figures of indicators: how they are kept, entered and shown.
job-fold-figures = 指標の数字をまとめる
job-check-figures = 指標の数字を記録と照らし合わせる
schedule-fold-figures = 指標の数字をまとめる
schedule-check-figures = 指標の数字を記録と照らし合わせる
source-share = { $what }のうち、あてはまるものの割合を、コンピューターが数えています。手で書き写した数字ではありません。
